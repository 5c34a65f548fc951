/**
 * Certificates of servers with their private keys, as they go from the control plane, which keeps
 * them, to the gateways, which show them.
 */
@NullMarked
package dev.gatehouse.contract.tls;

import org.jspecify.annotations.NullMarked;
