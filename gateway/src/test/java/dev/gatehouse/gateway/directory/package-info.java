@NullMarked
package dev.gatehouse.gateway.directory;

import org.jspecify.annotations.NullMarked;
