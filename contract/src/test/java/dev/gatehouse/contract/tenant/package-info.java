@NullMarked
package dev.gatehouse.contract.tenant;

import org.jspecify.annotations.NullMarked;
