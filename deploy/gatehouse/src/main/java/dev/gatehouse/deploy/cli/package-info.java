/**
 * The command line. In: arguments. Out: exit code 0, 1 for a fault, 2 for wrong usage or
 * configuration; and for every expected fault one clear sentence on standard error.
 */
@NullMarked
package dev.gatehouse.deploy.cli;

import org.jspecify.annotations.NullMarked;
