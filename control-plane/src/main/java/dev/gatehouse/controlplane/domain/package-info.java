/** Custom domains: the host names, besides {@code slug.<base domain>}, that a tenant is reached at. */
@NullMarked
package dev.gatehouse.controlplane.domain;

import org.jspecify.annotations.NullMarked;
