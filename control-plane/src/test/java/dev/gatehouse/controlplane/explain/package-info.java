@NullMarked
package dev.gatehouse.controlplane.explain;

import org.jspecify.annotations.NullMarked;
