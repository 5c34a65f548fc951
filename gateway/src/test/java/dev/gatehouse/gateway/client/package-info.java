@NullMarked
package dev.gatehouse.gateway.client;

import org.jspecify.annotations.NullMarked;
