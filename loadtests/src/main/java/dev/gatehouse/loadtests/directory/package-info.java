/** Measures lists and searches of a control plane that has many tenants. */
@NullMarked
package dev.gatehouse.loadtests.directory;

import org.jspecify.annotations.NullMarked;
