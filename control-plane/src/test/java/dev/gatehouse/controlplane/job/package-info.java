@NullMarked
package dev.gatehouse.controlplane.job;

import org.jspecify.annotations.NullMarked;
