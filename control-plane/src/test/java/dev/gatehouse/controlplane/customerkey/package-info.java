@NullMarked
package dev.gatehouse.controlplane.customerkey;

import org.jspecify.annotations.NullMarked;
