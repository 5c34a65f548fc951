@NullMarked
package dev.gatehouse.controlplane.plan;

import org.jspecify.annotations.NullMarked;
