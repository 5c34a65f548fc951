@NullMarked
package dev.gatehouse.controlplane.audit;

import org.jspecify.annotations.NullMarked;
