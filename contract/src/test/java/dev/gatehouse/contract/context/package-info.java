@NullMarked
package dev.gatehouse.contract.context;

import org.jspecify.annotations.NullMarked;
