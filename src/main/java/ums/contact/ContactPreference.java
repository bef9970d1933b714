package ums.contact;

import java.util.List;
import java.util.Set;

/**
 * When and by which channels a customer does not want to be contacted (개인채무자보호법 18).
 *
 * @param recipient the address that messages go to
 * @param blocked hours in which the customer is not to be contacted
 * @param blockedChannels channels by which the customer is not to be contacted
 */
public record ContactPreference(String recipient, List<BlockedHours> blocked, Set<String> blockedChannels) {}
