/** {@code loadtests/neighbours}: what a tenant that sends too much does to another. */
@NullMarked
package dev.gatehouse.loadtests.neighbours;

import org.jspecify.annotations.NullMarked;
