@NullMarked
package dev.gatehouse.controlplane.tenant;

import org.jspecify.annotations.NullMarked;
