@NullMarked
package dev.gatehouse.contract.edge;

import org.jspecify.annotations.NullMarked;
