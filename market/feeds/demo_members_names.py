"""Words that names of made-up companies are put together from.

No two first words begin with the same three letters and no two second ones with the same two,
so that the symbols made of them are all different.
"""

from __future__ import annotations

FIRST = (
    "Alder", "Amber", "Arbor", "Basalt", "Birch", "Bright", "Canyon", "Cedar", "Cobalt", "Copper",
    "Delta", "Dune", "Eagle", "Elmwood", "Ember", "Falcon", "Fern", "Foxglove", "Garnet",
    "Glacier", "Granite", "Harbor", "Hazel", "Heron", "Indigo", "Iron", "Ivory", "Jasper",
    "Juniper", "Keel", "Kestrel", "Larch", "Linden", "Lupin", "Maple", "Mesa", "Mica", "Nettle",
    "North", "Oakum", "Onyx", "Osprey", "Pebble", "Prairie", "Quarry", "Raven", "Rowan", "Sable",
    "Sierra", "Tamarack", "Teal", "Umber", "Vesper", "Willow", "Yarrow", "Zephyr",
)  # fmt: skip
SECOND = (
    "Axis", "Bay", "Bend", "Bluff", "Brook", "Cove", "Crest", "Dale", "Edge", "Field", "Ford",
    "Gate", "Glen", "Grove", "Haven", "Hill", "Isle", "Knoll", "Lake", "Ledge", "Mark", "Mere",
    "Moor", "Ness", "Oval", "Park", "Peak", "Point", "Quay", "Reach", "Ridge", "Rock", "Sands",
    "Spring", "Stone", "Summit", "Terra", "Trail", "Vale", "View", "Wharf", "Wood", "Yard",
)  # fmt: skip
USUAL_THIRD = ("Holdings", "Group", "Industries", "Partners")
THIRD = {
    "Software & AI": ("Software", "Systems", "Data"),
    "Semis & Hardware": ("Semiconductor", "Devices", "Electronics"),
    "Network Equipment": ("Networks", "Wireless"),
    "Crypto & Hosting": ("Digital", "Compute"),
    "Biotechnology": ("Biosciences", "Biologics", "Genetics"),
    "Pharma": ("Therapeutics", "Pharmaceuticals", "Oncology"),
    "Medical Devices": ("Medical", "Surgical"),
    "Life-science Tools": ("Diagnostics", "Instruments"),
    "Health Services": ("Health", "Care"),
    "Regional Banks": ("Bancorp", "Bancshares", "Financial"),
    "Insurance": ("Insurance", "Assurance"),
    "Capital Markets": ("Capital", "Advisors"),
    "Lenders & Payments": ("Payments", "Credit"),
    "Mortgage REITs": ("Mortgage Trust",),
    "Machinery": ("Machinery", "Equipment"),
    "Aerospace & Def.": ("Aerospace", "Defence"),
    "Electrical Equip.": ("Electric", "Power Systems"),
    "Construction": ("Building Products", "Engineering"),
    "Transport": ("Freight", "Logistics"),
    "Business Services": ("Services", "Consulting"),
    "Homebuilding": ("Homes",),
    "Retail": ("Stores", "Outfitters"),
    "Hotels & Leisure": ("Restaurants", "Resorts"),
    "Autos & Parts": ("Motors", "Automotive"),
    "Oil & Gas E&P": ("Petroleum", "Resources"),
    "Oilfield Services": ("Drilling", "Energy Services"),
    "Midstream, Tankers": ("Midstream", "Tankers"),
    "Coal & Uranium": ("Coal", "Uranium"),
    "Chemicals": ("Chemicals", "Materials"),
    "Metals & Mining": ("Mining", "Metals"),
    "Paper & Packaging": ("Packaging", "Paper"),
    "REITs": ("Properties Trust", "Realty Trust"),
    "Property Services": ("Realty",),
    "Power & Water": ("Power", "Water"),
    "Telecom": ("Telecom", "Cable"),
    "Media & Internet": ("Media", "Interactive"),
    "Food & Staples": ("Foods", "Brands"),
}
"""By sub-sector."""
