@NullMarked
package dev.gatehouse.gateway.authenticate.introspection;

import org.jspecify.annotations.NullMarked;
