@NullMarked
package dev.gatehouse.controlplane.secret;

import org.jspecify.annotations.NullMarked;
