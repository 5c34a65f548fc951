@NullMarked
package dev.gatehouse.controlplane.identity;

import org.jspecify.annotations.NullMarked;
