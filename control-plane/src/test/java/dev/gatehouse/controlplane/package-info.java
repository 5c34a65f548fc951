@NullMarked
package dev.gatehouse.controlplane;

import org.jspecify.annotations.NullMarked;
