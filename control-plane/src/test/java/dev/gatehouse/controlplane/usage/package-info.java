@NullMarked
package dev.gatehouse.controlplane.usage;

import org.jspecify.annotations.NullMarked;
