@NullMarked
package dev.gatehouse.controlplane.key;

import org.jspecify.annotations.NullMarked;
