@NullMarked
package dev.gatehouse.controlplane.health;

import org.jspecify.annotations.NullMarked;
