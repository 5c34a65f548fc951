/** Tests of the backends, and {@link dev.gatehouse.backends.TestBackends} for other modules. */
@NullMarked
package dev.gatehouse.backends;

import org.jspecify.annotations.NullMarked;
