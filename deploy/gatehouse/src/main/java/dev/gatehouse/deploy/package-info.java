@NullMarked
package dev.gatehouse.deploy;

import org.jspecify.annotations.NullMarked;
