@NullMarked
package dev.gatehouse.controlplane.keyset;

import org.jspecify.annotations.NullMarked;
