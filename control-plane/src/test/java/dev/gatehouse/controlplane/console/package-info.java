@NullMarked
package dev.gatehouse.controlplane.console;

import org.jspecify.annotations.NullMarked;
