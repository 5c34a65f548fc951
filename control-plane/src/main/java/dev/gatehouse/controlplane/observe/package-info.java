/**
 * What the control plane tells of itself and of the platform to a Prometheus: {@code GET /metrics}.
 */
@NullMarked
package dev.gatehouse.controlplane.observe;

import org.jspecify.annotations.NullMarked;
