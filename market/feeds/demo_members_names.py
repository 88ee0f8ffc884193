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
    "Networks & Comms Gear": ("Networks", "Wireless"),
    "Crypto & Data Centres": ("Digital", "Compute"),
    "Biotechnology": ("Biosciences", "Biologics", "Genetics"),
    "Pharma": ("Therapeutics", "Pharmaceuticals", "Oncology"),
    "Medical Devices": ("Medical", "Surgical"),
    "Diagnostics & Tools": ("Diagnostics", "Instruments"),
    "Health Services": ("Health", "Care"),
    "Regional Banks": ("Bancorp", "Bancshares", "Financial"),
    "Insurance": ("Insurance", "Assurance"),
    "Capital Markets": ("Capital", "Advisors"),
    "Lenders & Payments": ("Payments", "Credit"),
    "Mortgage REITs": ("Mortgage Trust",),
    "Machinery": ("Machinery", "Equipment"),
    "Aerospace & Defence": ("Aerospace", "Defence"),
    "Electrical Equipment": ("Electric", "Power Systems"),
    "Building & Engineering": ("Building Products", "Engineering"),
    "Transport": ("Freight", "Logistics"),
    "Business Services": ("Services", "Consulting"),
    "Homebuilding": ("Homes",),
    "Retail": ("Stores", "Outfitters"),
    "Restaurants & Leisure": ("Restaurants", "Resorts"),
    "Autos & Parts": ("Motors", "Automotive"),
    "Oil & Gas Exploration": ("Petroleum", "Resources"),
    "Oilfield Services": ("Drilling", "Energy Services"),
    "Midstream & Shipping": ("Midstream", "Tankers"),
    "Coal & Uranium": ("Coal", "Uranium"),
    "Chemicals": ("Chemicals", "Materials"),
    "Metals & Mining": ("Mining", "Metals"),
    "Paper & Packaging": ("Packaging", "Paper"),
    "REITs": ("Properties Trust", "Realty Trust"),
    "Real Estate Services": ("Realty",),
    "Power & Water": ("Power", "Water"),
    "Telecom": ("Telecom", "Cable"),
    "Media & Internet": ("Media", "Interactive"),
    "Food & Staples": ("Foods", "Brands"),
}
"""By sub-sector."""
