@NullMarked
package dev.gatehouse.contract.signature;

import org.jspecify.annotations.NullMarked;
