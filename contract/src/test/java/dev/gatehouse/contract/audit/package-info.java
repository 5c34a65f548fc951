@NullMarked
package dev.gatehouse.contract.audit;

import org.jspecify.annotations.NullMarked;
