@NullMarked
package dev.gatehouse.controlplane.egress;

import org.jspecify.annotations.NullMarked;
