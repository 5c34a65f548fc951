/** The whole system, started as a user starts it and driven from outside. */
@NullMarked
package dev.gatehouse.deploy.endtoend;

import org.jspecify.annotations.NullMarked;
