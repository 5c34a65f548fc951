@NullMarked
package dev.gatehouse.controlplane.billing;

import org.jspecify.annotations.NullMarked;
