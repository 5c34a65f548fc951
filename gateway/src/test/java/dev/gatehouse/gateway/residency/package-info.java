@NullMarked
package dev.gatehouse.gateway.residency;

import org.jspecify.annotations.NullMarked;
