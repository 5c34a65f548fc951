@NullMarked
package dev.gatehouse.tenancy;

import org.jspecify.annotations.NullMarked;
