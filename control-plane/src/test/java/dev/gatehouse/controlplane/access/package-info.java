@NullMarked
package dev.gatehouse.controlplane.access;

import org.jspecify.annotations.NullMarked;
