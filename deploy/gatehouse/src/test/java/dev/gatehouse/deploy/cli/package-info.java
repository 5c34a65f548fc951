@NullMarked
package dev.gatehouse.deploy.cli;

import org.jspecify.annotations.NullMarked;
