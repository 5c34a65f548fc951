@NullMarked
package dev.gatehouse.egress;

import org.jspecify.annotations.NullMarked;
