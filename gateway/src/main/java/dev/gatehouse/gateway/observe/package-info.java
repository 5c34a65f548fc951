/** What the gateway tells about the requests it served: metrics, access log and trace context. */
@NullMarked
package dev.gatehouse.gateway.observe;

import org.jspecify.annotations.NullMarked;
