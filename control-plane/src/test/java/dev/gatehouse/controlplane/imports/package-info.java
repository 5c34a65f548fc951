@NullMarked
package dev.gatehouse.controlplane.imports;

import org.jspecify.annotations.NullMarked;
