/**
 * Who may call: API keys, which open a tenant at the gateway, and tokens, which open the control
 * plane to operators and gateways. Secrets are shown once and kept as hashes.
 */
@NullMarked
package dev.gatehouse.controlplane.access;

import org.jspecify.annotations.NullMarked;
