package ums.contact;

import java.util.List;
import java.util.Set;

/**
 * What a customer has asked to be spared (개인채무자보호법 18).
 *
 * @param recipient who, by the address that messages go to
 * @param blocked hours in which he is not to be contacted
 * @param blockedChannels channels by which he is not to be contacted
 */
public record ContactPreference(String recipient, List<BlockedHours> blocked, Set<String> blockedChannels) {}
