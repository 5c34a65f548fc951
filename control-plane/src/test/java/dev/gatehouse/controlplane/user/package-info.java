@NullMarked
package dev.gatehouse.controlplane.user;

import org.jspecify.annotations.NullMarked;
