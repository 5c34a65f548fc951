@NullMarked
package dev.gatehouse.controlplane.domain;

import org.jspecify.annotations.NullMarked;
