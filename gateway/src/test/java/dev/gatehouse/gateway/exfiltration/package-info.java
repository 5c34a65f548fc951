@NullMarked
package dev.gatehouse.gateway.exfiltration;

import org.jspecify.annotations.NullMarked;
