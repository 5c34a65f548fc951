@NullMarked
package dev.gatehouse.controlplane.api;

import org.jspecify.annotations.NullMarked;
