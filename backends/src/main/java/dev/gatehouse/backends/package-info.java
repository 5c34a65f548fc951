@NullMarked
package dev.gatehouse.backends;

import org.jspecify.annotations.NullMarked;
