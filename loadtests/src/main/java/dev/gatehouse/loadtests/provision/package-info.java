/** How soon a tenant that was just made is served. */
@NullMarked
package dev.gatehouse.loadtests.provision;

import org.jspecify.annotations.NullMarked;
