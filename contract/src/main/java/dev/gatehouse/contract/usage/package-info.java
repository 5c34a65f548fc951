/** What gateways count, and how the control plane learns of it. */
@NullMarked
package dev.gatehouse.contract.usage;

import org.jspecify.annotations.NullMarked;
