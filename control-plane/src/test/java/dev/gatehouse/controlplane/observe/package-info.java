@NullMarked
package dev.gatehouse.controlplane.observe;

import org.jspecify.annotations.NullMarked;
