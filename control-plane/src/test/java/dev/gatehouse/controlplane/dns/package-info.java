@NullMarked
package dev.gatehouse.controlplane.dns;

import org.jspecify.annotations.NullMarked;
